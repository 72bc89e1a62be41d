import type { FileContent } from "../../support/git.ts";
import type { Forge } from "../support/forge.ts";
import { table } from "../support/hostile-case.ts";

const megabyte = 1024 * 1024;
const link = (content: string): FileContent => ({ mode: "120000", content });
const submodule: FileContent = { mode: "160000", id: "1".repeat(40) };
const app = { "cdktf.json": '{"app":"node main.mjs","language":"javascript"}' };
const wanting = { ...app, "package.json": '{"dependencies":{"a":"1.0.0"}}' };

/** A commit that is checked out and read; refused with a code, by the user's fault, with a next step. */
export const checkoutTable = table<(forge: Forge) => Promise<string>>(
  "what lies beside the checkout, and the mirror's settings",
  [
    ["a folder named .git", (forge) => forge.entry("100644", ".git", "evil"), "checkout-refused"],
    ["the same in capitals", (forge) => forge.entry("100644", ".GIT", "evil"), "checkout-refused"],
    [
      "the same as old file systems abbreviate it",
      (forge) => forge.entry("100644", "git~1", "evil"),
      "checkout-refused",
    ],
    ["a file named ..", (forge) => forge.entry("100644", "..", "evil"), "checkout-refused"],
    [
      "a path that climbs out",
      (forge) => forge.entry("100644", "../neighbour/x", "evil"),
      "checkout-refused",
    ],
    ["an absolute path", (forge) => forge.entry("100644", "/neighbour", "evil"), "checkout-refused"],
    ["a file behind a link out", (forge) => forge.throughLink("../neighbour"), "app-missing"],
    [
      "a name that no file system takes",
      (forge) => forge.files({ ...app, ["x".repeat(300)]: "" }),
      "checkout-refused",
    ],
    ["3,000 folders in one another", (forge) => forge.deep(3000), "checkout-refused"],
    ["ten thousand million files in ten small trees", (forge) => forge.bomb(10), "checkout-refused"],
    ["7,000 names for one file of 640 KB", (forge) => forge.copies(7000, 640 * 1024), "checkout-refused"],
    [
      "cdktf.json as a link to the worker's environment",
      (forge) => forge.files({ "cdktf.json": link("/proc/self/environ") }),
      "file-refused",
    ],
    [
      "cdktf.json as a link to itself",
      (forge) => forge.files({ "cdktf.json": link("cdktf.json") }),
      "file-refused",
    ],
    [
      "cdktf.json as a link that blocks for ever",
      (forge) => forge.files({ "cdktf.json": link("/dev/tty") }),
      "file-refused",
    ],
    ["cdktf.json as a folder", (forge) => forge.files({ "cdktf.json/x": "" }), "file-refused"],
    ["cdktf.json as a submodule", (forge) => forge.files({ "cdktf.json": submodule }), "file-refused"],
    [
      "cdktf.json of a megabyte",
      (forge) => forge.files({ "cdktf.json": " ".repeat(megabyte) }),
      "file-refused",
    ],
    [
      "package.json as a link to the registry",
      (forge) => forge.files({ ...app, "package.json": link("../../core/registry.json") }),
      "file-refused",
    ],
    [
      "package-lock.json as a link to a key",
      (forge) => forge.files({ ...wanting, "package-lock.json": link("/etc/ssl/private") }),
      "file-refused",
    ],
  ],
);

/** Files that would run or read something; they are checked out as they are committed, and nothing of them works. */
export const inertTable = table<Readonly<Record<string, FileContent>>>(
  "every byte of the commit, the canary's place, and the mirror's settings",
  [
    [
      "a smudge filter with its settings",
      {
        ".gitattributes": "* filter=evil\n",
        ".gitconfig": '[filter "evil"]\n\tsmudge = touch CANARY\n\tprocess = touch CANARY\n\trequired\n',
      },
      "no filter runs",
    ],
    [
      "a filter of Git LFS",
      { ".gitattributes": "*.bin filter=lfs\n", "a.bin": "version https://git-lfs.github.com/spec/v1\n" },
      "no filter runs",
    ],
    [
      "settings for a worktree of its own",
      { "config.worktree": "[core]\n\tfsmonitor = touch CANARY\n", ".gitattributes": "* text=auto\n" },
      "no setting counts",
    ],
    [
      "hooks in the usual places",
      {
        "hooks/post-checkout": { mode: "100755", content: "#!/bin/sh\ntouch CANARY\n" },
        ".husky/post-checkout": { mode: "100755", content: "#!/bin/sh\ntouch CANARY\n" },
      },
      "no hook runs",
    ],
    [
      "a text conversion and a merge driver",
      {
        ".gitattributes": "* diff=evil merge=evil\n",
        ".gitconfig": '[diff "evil"]\n\ttextconv = touch CANARY\n[merge "evil"]\n\tdriver = touch CANARY\n',
      },
      "no driver runs",
    ],
    [
      "export-ignore, which hides files in archives",
      { ".gitattributes": "secret.tf export-ignore\n", "secret.tf": "x" },
      "nothing is hidden",
    ],
    [
      "export-subst, which writes into files",
      { ".gitattributes": "* export-subst\n", "a.txt": "$Format:%H$ $Format:%(trailers)$\n" },
      "nothing is written in",
    ],
    [
      "an encoding that does not exist",
      { ".gitattributes": "a.txt working-tree-encoding=EVIL\n", "a.txt": "x\n" },
      "nothing is converted",
    ],
    [
      "a submodule whose address is an option",
      {
        ".gitmodules":
          '[submodule "s"]\n\tpath = s\n\turl = --upload-pack=touch CANARY\n\tupdate = !touch CANARY\n',
        s: { mode: "160000", id: "2".repeat(40) },
      },
      "no submodule is fetched",
    ],
    [
      "a submodule that runs a command as its transport",
      {
        ".gitmodules": '[submodule "s"]\n\tpath = s\n\turl = ext::sh -c "touch% CANARY"\n',
        s: { mode: "160000", id: "2".repeat(40) },
      },
      "no submodule is fetched",
    ],
    [
      "names that look like options and commands",
      {
        "--upload-pack=touch CANARY": "x",
        "$(touch CANARY)": "x",
        "`touch CANARY`": "x",
        "a;touch CANARY": "x",
        "a\nb": "x",
      },
      "names are names",
    ],
  ],
);
