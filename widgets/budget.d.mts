export const EACH: number;
export const TOGETHER: number;
export function overBudget(scripts: ReadonlyMap<string, number>): string[];
