/** What a rule is about, beside its findings. */
import type { JSX } from "preact";
import type { Doc } from "../../map/document";
import { Button } from "../../shared/ui/button";

type Rule = Doc["rules"][string];

export function RuleButton(props: { rule: Rule | undefined; open: boolean; onPress: () => void }): JSX.Element | null {
  if (!props.rule) return null;
  return (
    <Button
      label={`What is this? ${props.rule.title}`}
      small
      kind="quiet"
      expanded={props.open}
      onPress={props.onPress}
    >
      What is this?
    </Button>
  );
}

export function RuleText({ rule, open }: { rule: Rule | undefined; open: boolean }): JSX.Element | null {
  if (!rule || !open) return null;
  return (
    <div class="we-why">
      <p class="we-why-title">{rule.title}</p>
      <p>{rule.explanation}</p>
    </div>
  );
}
