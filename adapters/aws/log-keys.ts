/** What the names of all logs in an environment's bucket begin with, below its prefix. */
export const allLogs = "logs/";

/** What those of one attempt begin with. */
export const logsPrefix = (attemptId: string): string => `${allLogs}${attemptId}/`;
