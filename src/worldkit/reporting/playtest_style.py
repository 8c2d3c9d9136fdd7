"""The style sheet of a playtest page: JupyterLab's colours where there are some, else the system's colour scheme."""

from __future__ import annotations

COLOURS = {
    "ended": "#5b6ee1",
    "stuck": "#d2553f",
    "out of steps": "#c28a1c",
    "stopped": "#7d8794",
    "refused": "#9a5fc0",
}
"""By outcome; each stands out against white and against black (WCAG 2.2, 1.4.11: 3 to 1)."""

_LIGHT = {"ground": "#fff", "ink": "#1d2126", "soft": "#565e6a", "line": "#dcdee3", "track": "#eceef2"}
_DARK = {"ground": "#15171b", "ink": "#e8eaed", "soft": "#a9b1bd", "line": "#363b44", "track": "#2a2e35"}
_JUPYTERLAB_VARIABLES = {
    "ground": "layout-color0",
    "ink": "content-font-color1",
    "soft": "content-font-color2",
    "line": "border-color2",
    "track": "layout-color2",
}


def _names(colours: dict[str, str]) -> str:
    return (
        ".wkpt{"
        + "".join(f"--pt-{name}:var(--jp-{_JUPYTERLAB_VARIABLES[name]},{value});" for name, value in colours.items())
        + "}"
    )


STYLE = (
    _names(_LIGHT)
    + f"@media(prefers-color-scheme:dark){{{_names(_DARK)}}}"
    + """
.wkpt{background:var(--pt-ground);color:var(--pt-ink);font:13px/1.45 system-ui,-apple-system,'Segoe UI',Roboto,
'Liberation Sans',sans-serif;padding:16px 18px;max-width:960px;box-sizing:border-box;overflow-wrap:anywhere;
container-type:inline-size;font-variant-numeric:tabular-nums}
.wkpt *{box-sizing:border-box}
.wkpt p,.wkpt ul,.wkpt figure,.wkpt h4,.wkpt h5{margin:0;padding:0}
.wkpt .soft,.wkpt small,.wkpt th,.wkpt figcaption{color:var(--pt-soft)}
.wkpt .over{font-size:12px;color:var(--pt-soft)}
.wkpt .over b{color:var(--pt-ink);font-weight:600}
.wkpt .verdict{font-size:16px;line-height:1.4;font-weight:600;margin:2px 0 4px;text-wrap:balance}
.wkpt section,.wkpt details{margin-top:20px}
.wkpt h4{font-size:13px;font-weight:600;margin-bottom:6px;color:var(--pt-ink)}
.wkpt h5{font-size:12px;font-weight:600;margin-bottom:2px;color:var(--pt-ink)}
.wkpt h4 .soft,.wkpt h5 .soft{font-weight:400}
.wkpt code{font:12px/1.3 ui-monospace,SFMono-Regular,Menlo,'Liberation Mono',monospace;background:none;padding:0;
color:inherit}
.wkpt svg{display:block;width:100%}
.wkpt svg.bar{height:10px;border-radius:3px;overflow:hidden}
.wkpt .outcomes svg.bar{height:16px}
.wkpt svg.curve,.wkpt svg.hist{height:120px;overflow:visible;margin:4px 0}
.wkpt figure+p{margin-top:4px;font-size:12px}
.wkpt table+figure{margin-top:14px}
.wkpt .track{fill:var(--pt-track)}
.wkpt .grid{stroke:var(--pt-line);stroke-width:1;vector-effect:non-scaling-stroke;fill:none}
.wkpt .line{stroke:#5b6ee1;stroke-width:2;vector-effect:non-scaling-stroke;fill:none;stroke-linejoin:round}
.wkpt .whisker{stroke:var(--pt-ink);stroke-width:1.25;vector-effect:non-scaling-stroke;fill:none}
.wkpt figcaption{display:flex;justify-content:space-between;gap:8px;font-size:12px;margin-top:2px}
.wkpt .legend,.wkpt .chips{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:6px}
.wkpt .legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.wkpt .chips{gap:4px 6px}
.wkpt .chips li{border:1px solid var(--pt-line);border-radius:3px;padding:0 6px;margin:0}
.wkpt table{border-collapse:collapse;width:100%;margin:0;font-size:13px;border:0;table-layout:auto}
.wkpt tr,.wkpt tr:nth-child(even),.wkpt tr:hover{background:none}
.wkpt td,.wkpt th{padding:5px 12px 5px 0;text-align:left;vertical-align:top;border:0;max-width:none;
white-space:normal;min-width:5em}
.wkpt td:has(>code:first-child){min-width:9.5em}
.wkpt td.n small{white-space:normal}
.wkpt td>svg.bar{margin-top:5px}
.wkpt td:last-child,.wkpt th:last-child{padding-right:0}
.wkpt th{font-weight:400;font-size:12px;border-bottom:1px solid var(--pt-line)}
.wkpt tr+tr td{border-top:1px solid var(--pt-line)}
.wkpt td.wide,.wkpt th.wide{width:40%;min-width:110px}
.wkpt td.wide svg,.wkpt td.most svg{margin:4px 0 3px}
.wkpt td.most{width:60%}
.wkpt .plain td{border:0;padding-top:2px;padding-bottom:2px}
.wkpt td.n,.wkpt th.n{text-align:right;white-space:nowrap}
.wkpt img.look{float:left;width:80px;height:45px;margin:2px 10px 2px 0;border-radius:4px;max-width:none}
@container(max-width:600px){.wkpt img.look{float:none;display:block;margin:2px 0 4px}
.wkpt td:has(>img.look){min-width:7.5em}}
.wkpt td.word{white-space:nowrap}
.wkpt small{display:block;font-size:12px}
.wkpt small b{color:var(--pt-ink)}
.wkpt .pair,.wkpt .states{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:0 32px}
.wkpt .states{gap:16px 32px;margin-top:6px}
.wkpt summary{cursor:pointer}
.wkpt summary h4{display:inline}
.wkpt details .chips{margin-top:8px}
.wkpt table+.soft,.wkpt table+p{margin-top:6px;font-size:12px}
""".replace("\n", "").replace(".wkpt ", ".wkpt.wkpt ")  # twice: a notebook's own rules for tables would win
)

PAGE_STYLE = (
    f"body{{margin:0;background:{_LIGHT['ground']}}}"
    f"@media(prefers-color-scheme:dark){{body{{background:{_DARK['ground']}}}}}"
)
"""For a page of its own: its ground reaches the edges."""
