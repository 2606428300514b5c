export function hold() {}
