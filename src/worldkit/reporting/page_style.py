"""The style sheet of a report page: the palette of the pictures, one column, nothing fetched."""

from __future__ import annotations

from worldkit.core.json_values import Json

_SHAPE = """
{box-sizing:border-box;max-width:1080px;margin:0 auto;padding:28px 32px 32px;border-radius:8px;background:var(--ground);
color:var(--ink);font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;
text-align:left;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
 *{box-sizing:border-box}
 :is(h1,h2,h3,p,ul,ol,figure,dl,dd){margin:0;padding:0}
 :is(ul,ol){list-style:none}
 h2{margin:36px 0 4px;font-size:16px;line-height:24px;font-weight:600}
 h3{margin:18px 0 6px;font-size:12px;line-height:18px;font-weight:600;color:var(--soft)}
 code{padding:0;border:0;background:none;color:inherit;font:12.5px/20px ui-monospace,SFMono-Regular,Menlo,Consolas,
'DejaVu Sans Mono',monospace}
 svg{display:block}
 .wr-icon{flex:none;width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;
stroke-linejoin:round}
 .wr-verdict{display:flex;gap:14px;align-items:flex-start;margin:0;font-size:20px;line-height:28px;font-weight:600;
text-wrap:pretty}
 .wr-mark{display:inline-flex;flex:none;align-items:center;justify-content:center;width:28px;height:28px;
border-radius:14px;color:var(--ground)}
 .wr-mark>.wr-icon{width:18px;height:18px;stroke-width:2}
 .wr-good{background:var(--win)}
 .wr-error{background:var(--lose)}
 .wr-warning,.wr-open{background:var(--warn)}
 .wr-world{margin:4px 0 0 42px;color:var(--soft)}
 .wr-figures{display:flex;flex-wrap:wrap;gap:12px 36px;margin:20px 0 0 42px}
 .wr-figures li{display:flex;flex-direction:column}
 .wr-figures b{font-size:18px;line-height:24px;font-weight:600;font-variant-numeric:tabular-nums}
 .wr-figures span{color:var(--soft);font-size:12px;line-height:16px}
 .wr-more{padding:6px 0 0 26px;color:var(--soft)}
 .wr-list{border-top:1px solid var(--line)}
 .wr-list .wr-list{border-top:0}
 .wr-list .wr-list>:last-child{border-bottom:0}
 .wr-all{padding-left:26px;color:var(--accent)}
 .wr-list>*{border-bottom:1px solid var(--line)}
 summary{display:flex;gap:10px;align-items:flex-start;padding:9px 4px 9px 0;cursor:pointer;list-style:none}
 summary::-webkit-details-marker{display:none}
 summary:focus-visible{outline:2px solid var(--accent);outline-offset:1px;border-radius:4px}
 summary>.wr-icon{margin-top:2.5px}
 summary>.wr-said{flex:1;min-width:0}
 summary>.wr-fold{color:var(--soft);transition:transform .12s}
 details[open]>summary>.wr-fold{transform:rotate(90deg)}
 .wr-count{color:var(--soft);white-space:nowrap;font-variant-numeric:tabular-nums}
 .wr-is-error{color:var(--lose)}
 .wr-is-warning{color:var(--warn)}
 .wr-is-info{color:var(--soft)}
 .wr-body{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:12px 28px;padding:2px 4px 20px 26px}
 .wr-body>.wr-wide{grid-column:1/-1}
 .wr-text{display:flex;flex-direction:column;gap:14px;min-width:0}
 .wr-label{color:var(--soft);font-size:12px;line-height:18px}
 .wr-fix{font-weight:500}
 .wr-code{padding:6px 10px;border-radius:6px;background:var(--chip)}
 .wr-figure{border:1px solid var(--line);border-radius:8px;background:var(--card);overflow:hidden}
 .wr-body>.wr-figure{align-self:start}
 .wr-figure>svg{width:100%;height:auto}
 .wr-map>svg{max-height:600px;padding:8px}
 .wr-legend{display:flex;flex-wrap:wrap;gap:6px 20px;padding:8px 14px;
border-top:1px solid var(--line);color:var(--soft);font-size:12px;line-height:18px}
 .wr-legend span{display:inline-flex;gap:7px;align-items:center}
 .wr-legend svg{width:22px;height:14px}
 .wr-steps li{display:flex;gap:8px;padding:1px 0}
 .wr-n{flex:none;min-width:20px;height:20px;margin-top:.5px;padding:0 4px;border-radius:10px;background:var(--tint);
color:var(--accent);font-size:11px;line-height:20px;font-weight:600;text-align:center;font-variant-numeric:tabular-nums}
 .wr-said,.wr-do,.wr-to{unicode-bidi:isolate}
 .wr-to{color:var(--soft)}
 .wr-cross .wr-n{background:var(--lose);color:var(--ground)}
 .wr-cross .wr-do{color:var(--lose);font-weight:600}
 .wr-steps .wr-point{display:block;padding:5px 0 3px 28px;color:var(--lose);font-size:12px;line-height:18px}
 .wr-steps .wr-point::before{content:"";display:block;width:100%;margin-bottom:4px;border-top:1px dashed currentColor}
 .wr-steps details summary{padding:1px 0 1px 28px;color:var(--accent)}
 .wr-steps .wr-rest{display:block}
 .wr-outcome{flex:none;min-width:42px;font-size:11px;line-height:21px;font-weight:700;letter-spacing:.04em}
 .wr-win{color:var(--win)}
 .wr-lose{color:var(--lose)}
 .wr-other{color:var(--soft)}
 .wr-look{flex:none;display:block;width:96px;height:54px;border-radius:4px}
 .wr-scene{display:flex;gap:10px;align-items:center;margin-bottom:10px}
 .wr-plain{display:flex;gap:10px;padding:9px 4px 9px 0}
 .wr-plain .wr-said{flex:1;min-width:0}
 .wr-foot{margin-top:28px;color:var(--soft);font-size:12px;line-height:18px}
"""

_MAP = """
.wkm-face{stroke:var(--soft);stroke-width:3}
.wkm-reached>.wkm-face{fill:var(--card)}
.wkm-name{fill:var(--ink);font-size:44px;font-weight:600;text-anchor:middle}
.wkm-bare{fill:var(--ground)}
.wkm-hatch{stroke:var(--line);stroke-width:9}
.wkm-unreached>.wkm-face{stroke:var(--edge);stroke-dasharray:14 10}
.wkm-unseen>.wkm-face{fill:var(--ground);stroke:var(--line)}
.wkm-unreached>.wkm-name,.wkm-unseen>.wkm-name{fill:var(--soft)}
.wkm-win.wkm-reached>.wkm-face{stroke:var(--win);stroke-width:6}
.wkm-lose.wkm-reached>.wkm-face{stroke:var(--lose);stroke-width:6}
.wkm-other.wkm-reached>.wkm-face{stroke:var(--soft);stroke-width:6}
.wkm-start>.wkm-face{stroke:var(--accent);stroke-width:6}
.wkm-stuck>.wkm-face{fill:var(--warn-tint);stroke:var(--warn);stroke-width:6}
.wkm-far .wkm-face{stroke-width:14}
.wkm-far .wkm-unreached>.wkm-face{stroke-dasharray:40 24}
.wkm-badge circle{fill:var(--card);stroke:currentColor;stroke-width:5}
.wkm-badge path{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.wkm-on-start{color:var(--accent)}
.wkm-on-win{color:var(--win)}
.wkm-on-lose{color:var(--lose)}
.wkm-on-other{color:var(--soft)}
.wkm-on-stuck{color:var(--warn)}
.wkm-on-silent{color:var(--lose)}
.wkm-on-silent path{stroke-width:6}
.wkm-line>path{fill:none;stroke:var(--edge);stroke-width:4}
.wkm-line>.wkm-head{fill:var(--edge);stroke:none}
.wkm-lost>path{stroke:var(--line)}
.wkm-lost>.wkm-head{fill:var(--line)}
.wkm-dead>path{stroke:var(--lose);stroke-dasharray:14 11}
.wkm-dead>.wkm-head{fill:var(--lose);stroke-dasharray:none}
.wkm-dead.wkm-lost>path{stroke:var(--line)}
.wkm-dead.wkm-lost>.wkm-head{fill:var(--line)}
.wkm-line>.wkm-no{stroke:var(--lose);stroke-width:7;stroke-dasharray:none;stroke-linecap:round}
.wkm-web>path{stroke-width:7;opacity:.7}
.wkm-dim{opacity:.6}
.wkm-ring{fill:none;stroke:var(--warn);stroke-width:7;opacity:.55}
.wkm-way{fill:none;stroke:var(--accent);stroke-width:9;stroke-linecap:round;stroke-linejoin:round}
.wkm-tip{fill:var(--accent);stroke:var(--accent);stroke-width:8;stroke-linejoin:round}
.wkm-step circle{fill:var(--accent);stroke:var(--card);stroke-width:5}
.wkm-step text{fill:var(--card);font-size:34px;font-weight:700;text-anchor:middle}
.wkm-way.wkm-cross{stroke:var(--lose)}
.wkm-tip.wkm-cross{fill:var(--lose);stroke:var(--lose)}
.wkm-step.wkm-cross circle{fill:var(--lose)}
"""
# without an ancestor in any selector: what <use> shows has none

_NARROW_RULES = """
 .wr-body{grid-template-columns:minmax(0,1fr);padding-left:0}
 .wr-verdict{font-size:18px;line-height:25px}
 .wr-figures,.wr-world{margin-left:0}
 .wr-figures{gap:10px 24px}
"""

_PRINT_RULES = """
{max-width:none;padding:0;background:none;color:#000}
 details::details-content{content-visibility:visible;block-size:auto}
 .wr-fold,.wr-code{display:none}
 .wr-body,.wr-figure{break-inside:avoid}
"""


def style(scope: str, light: Json, dark: Json) -> str:
    """Return the style sheet of a report.

    It follows JupyterLab's theme where there is one, else the reader's system.

    Args:
        scope: The report's class; every rule is about what has it or is inside.
        light: Colours by name.
        dark: Colours by name.
    """
    root = f".{scope}"
    day, night = _variables(light, "light"), _variables(dark, "dark")
    return "".join(
        [
            f"{root}{{{day}}}",
            _scoped(root, _SHAPE),
            _MAP.replace("\n", ""),
            f"@media (prefers-color-scheme:dark){{{root}{{{night}}}}}",
            f'body[data-jp-theme-light="true"] {root}{{{day}}}body[data-jp-theme-light="false"] {root}{{{night}}}',
            f"@media (max-width:760px){{{_scoped(root, _NARROW_RULES)}}}",
            f"@media print{{{root}{{{day}}}{_scoped(root, _PRINT_RULES)}}}",
        ]
    )


def _variables(colours: Json, scheme: str) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items()) + f"color-scheme:{scheme}"


def _scoped(root: str, rules: str) -> str:
    """Return rules with a root before every selector; a rule ends its line, a selector starts one with a space."""
    scoped_rules: list[str] = []
    for rule in rules.replace("\n ", "\0").strip().strip("\0").split("\0"):
        selector, _, body = rule.replace("\n", "").partition("{")
        heads = ",".join(f"{root} {alternative}" if alternative else root for alternative in _alternatives(selector))
        scoped_rules.append(f"{heads}{{{body}")
    return "".join(scoped_rules)


def _alternatives(selector: str) -> list[str]:
    if selector.startswith(":is("):
        return [selector]
    return selector.split(",")
