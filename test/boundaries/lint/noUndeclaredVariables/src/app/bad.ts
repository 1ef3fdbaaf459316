export const bad = undeclared;
