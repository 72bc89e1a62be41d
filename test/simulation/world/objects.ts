import type { SignedTag } from "../../../adapters/git/repository.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";

/**
 * What applying a commit leads to: well, half-way, passing trouble (with its provisioning only: shaky), applied and not
 * healthy, the death of its worker, something that is deleted, or something of which nobody knows whether it is there.
 */
export type Nature = "sound" | "broken" | "flaky" | "shaky" | "sick" | "deadly" | "razing" | "orphaning";

export interface Commit {
  readonly type: "commit";
  readonly parents: readonly ObjectId[];
  /** Path to text. */
  readonly files: Readonly<Record<string, string>>;
  readonly nature: Nature;
}

/** A signature's worth is known at once: that signatures can be trusted is tested elsewhere. */
export type Tag = { readonly type: "tag" } & SignedTag;

export type StoredObject = Commit | Tag | { readonly type: "blob" };

/** Every git object that anybody ever made; who has it is another question. */
export interface Objects {
  get(id: ObjectId): StoredObject | undefined;
  commit(id: ObjectId): Commit | undefined;
  tag(id: ObjectId): Tag | undefined;
  /** The commit behind an object, through any number of tags. */
  commitBehind(id: ObjectId): ObjectId | undefined;
  addCommit(commit: Omit<Commit, "type">): ObjectId;
  addBlob(): ObjectId;
  /** The same text gives the same object, as in git. */
  addTag(tag: NewTag): ObjectId;
}

export interface NewTag {
  readonly name: string;
  readonly target: ObjectId;
  readonly message: string;
  readonly signature: SignedTag["signature"];
  /** Whatever else makes an object of its own: the time, say. */
  readonly salt: string;
}

export function createObjects(): Objects {
  const objects = new Map<ObjectId, StoredObject>();
  const byText = new Map<string, ObjectId>();
  const add = (kind: string, object: StoredObject): ObjectId => {
    const id = newId(kind, objects.size + 1);
    objects.set(id, object);
    return id;
  };
  const get = (id: ObjectId): StoredObject | undefined => objects.get(id);
  const tag = (id: ObjectId): Tag | undefined => {
    const object = get(id);
    return object?.type === "tag" ? object : undefined;
  };
  const commit = (id: ObjectId): Commit | undefined => {
    const object = get(id);
    return object?.type === "commit" ? object : undefined;
  };
  return {
    get,
    tag,
    commit,
    commitBehind: (id) => {
      let at = id;
      for (let inner = tag(at); inner; inner = tag(at)) at = inner.target;
      return commit(at) && at;
    },
    addCommit: (made) => add("c", { type: "commit", ...made }),
    addBlob: () => add("b", { type: "blob" }),
    addTag: (made) => {
      const text = `${made.name}\n${made.target}\n${made.salt}\n\n${made.message}`;
      const known = byText.get(text);
      if (known !== undefined) return known;
      const object = newId(kindOf(made), objects.size + 1);
      const targetType = get(made.target)?.type ?? "commit";
      const fingerprint = made.signature === "unknown-key" ? { fingerprint: "SHA256:stranger" } : {};
      const { name, target, message, signature } = made;
      objects.set(object, {
        type: "tag",
        object,
        target,
        targetType,
        name,
        text,
        message,
        signature,
        ...fingerprint,
      });
      byText.set(text, object);
      return object;
    },
  };
}

/** Ids that tell people what they name: c0000001… a commit, d0000002… a deployment, a0000003… an attempt. */
function newId(kind: string, number: number): ObjectId {
  return kind + number.toString(16).padStart(7, "0") + "0".repeat(32);
}

function kindOf({ message, signature }: NewTag): string {
  if (signature !== "authentic") return "f";
  if (message.startsWith("Attempt ")) return "a";
  return message.startsWith("Deploy ") ? "d" : "e";
}
