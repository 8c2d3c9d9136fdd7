export function overBudget(scripts: ReadonlyMap<string, number>): string[];
