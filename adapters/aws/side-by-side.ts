/** How many transfers run at once. */
const lanes = 8;

/** Does something with each item, several at a time. After the first error no other is begun; it is thrown. */
export async function sideBySide<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  let failed = false;
  const lane = async () => {
    for (const item of rest) {
      if (failed) return;
      await act(item);
    }
  };
  const guarded = async () =>
    await lane().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const ends = await Promise.allSettled(Array.from({ length: lanes }, guarded));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
