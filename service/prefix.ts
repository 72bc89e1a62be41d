/** What Waymark's keys in Redis begin with. */
export const queuePrefix = "waymark";
