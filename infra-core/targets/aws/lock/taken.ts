/** What S3 says to who comes second, or at the very same moment. */
export const isTaken = (error: unknown): boolean =>
  error instanceof Error && /^(PreconditionFailed|ConditionalRequestConflict)$/.test(error.name);
