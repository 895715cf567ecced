export function initAll(): void;
