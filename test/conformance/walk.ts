import { type Scene, shop } from "../demo/github/scene.ts";

/** Uses every route of the local GitHub, and makes it send every kind of webhook, as its clients would. */
export async function walk(scene: Scene): Promise<void> {
  const pushed = await push(scene);
  await askAboutTheApp(scene);
  await askAboutTheRepository(scene, pushed);
  await moveRefs(scene, pushed.head);
  await check(scene, pushed.head);
  await deploy(scene, pushed.head);
  await merge(scene, pushed);
  const { app, github, installationId } = scene;
  github.removeFromInstallation(installationId, ["acme/shop"], "alice");
  github.install(app, "acme", ["acme/shop"], "alice");
  github.uninstall(installationId, "alice");
}

type Copy = Awaited<ReturnType<Scene["clone"]>>;

interface Pushed {
  readonly copy: Copy;
  /** A commit that main does not have. */
  readonly head: string;
  /** A tag object. */
  readonly tag: string;
}

async function push({ clone, users }: Scene): Promise<Pushed> {
  const copy = await clone(users.bob.token);
  await copy.git("switch", "--quiet", "--create", "feature/one");
  const head = await copy.commit({ "src/a.txt": "a\n" });
  await copy.git("tag", "--annotate", "--message", "notes", "v1");
  await copy.git("push", "--quiet", "origin", "feature/one", "v1");
  await copy.git("push", "--quiet", "origin", "HEAD:refs/heads/gone", "HEAD:refs/tags/left");
  await copy.git("push", "--quiet", "--delete", "origin", "gone", "left");
  await pushOddly(copy);
  return { copy, head, tag: await copy.git("rev-parse", "v1") };
}

/** A tag of no commit, and a branch that was rewritten. */
async function pushOddly({ git }: Copy): Promise<void> {
  const blob = await git("rev-parse", "HEAD:README.md");
  await git("push", "--quiet", "origin", `${blob}:refs/tags/file`, "HEAD:refs/heads/rewritten");
  await git("push", "--quiet", "--force", "origin", "HEAD~1:refs/heads/rewritten");
}

async function askAboutTheApp({ appClient, installationId }: Scene): Promise<void> {
  const { apps } = appClient();
  await apps.getAuthenticated();
  await apps.listInstallations();
  await apps.getInstallation({ installation_id: installationId });
  await apps.getRepoInstallation(shop);
  await apps.createInstallationAccessToken({
    installation_id: installationId,
    repositories: ["shop"],
    permissions: { contents: "read" },
  });
  const { data } = await apps.listWebhookDeliveries();
  const delivery_id = data[0]?.id ?? 0;
  await apps.getWebhookDelivery({ delivery_id });
  await apps.redeliverWebhookDelivery({ delivery_id });
}

async function askAboutTheRepository(scene: Scene, { head, tag }: Pushed): Promise<void> {
  const { apps, git, rateLimit, repos, request } = scene.installationClient();
  await apps.listReposAccessibleToInstallation();
  await rateLimit.get();
  await repos.get(shop);
  await request("GET /repositories/{repository_id}", { repository_id: scene.repository.id });
  await repos.getCollaboratorPermissionLevel({ ...shop, username: "bob" });
  await repos.listBranches(shop);
  await repos.getBranch({ ...shop, branch: "feature/one" });
  await repos.listCommits({ ...shop, sha: "feature/one" });
  await repos.getCommit({ ...shop, ref: "feature/one" });
  await repos.compareCommitsWithBasehead({ ...shop, basehead: "main...feature/one" });
  await repos.getContent({ ...shop, path: "src/a.txt", ref: head });
  await repos.getContent({ ...shop, path: "" });
  await request("GET /repos/{owner}/{repo}/contents", shop);
  await git.getRef({ ...shop, ref: "tags/v1" });
  await git.listMatchingRefs({ ...shop, ref: "heads/feature" });
  await git.getCommit({ ...shop, commit_sha: head });
  await git.getTag({ ...shop, tag_sha: tag });
}

/** By the App: what its bot does differs in the bot's odd address. */
async function moveRefs({ installationClient }: Scene, head: string): Promise<void> {
  const { git } = installationClient();
  const { data } = await git.createTag({ ...shop, tag: "v2", message: "two", object: head, type: "commit" });
  await git.createRef({ ...shop, ref: "refs/tags/v2", sha: data.sha });
  await git.updateRef({ ...shop, ref: "tags/v2", sha: head, force: true });
  await git.deleteRef({ ...shop, ref: "tags/v2" });
}

async function check(scene: Scene, head_sha: string): Promise<void> {
  const { checks } = scene.installationClient();
  const annotation = {
    path: "a",
    start_line: 1,
    end_line: 1,
    annotation_level: "notice",
    message: "m",
  } as const;
  const output = { title: "t", summary: "s", text: "t", annotations: [annotation] };
  const actions = [{ label: "Retry", description: "Once more", identifier: "retry" }];
  const { data: run } = await checks.create({ ...shop, name: "check", head_sha, external_id: "x", output });
  const check_run_id = run.id;
  const check_suite_id = run.check_suite?.id ?? 0;
  await checks.update({ ...shop, check_run_id, conclusion: "failure", actions });
  await checks.get({ ...shop, check_run_id });
  await checks.listAnnotations({ ...shop, check_run_id });
  await checks.rerequestRun({ ...shop, check_run_id });
  await checks.listForRef({ ...shop, ref: head_sha, filter: "all", app_id: scene.app.id, per_page: 100 });
  await checks.listForSuite({ ...shop, check_suite_id });
  await checks.getSuite({ ...shop, check_suite_id });
  await checks.rerequestSuite({ ...shop, check_suite_id });
  await checks.listSuitesForRef({ ...shop, ref: head_sha });
  scene.github.pressAction("acme/shop", check_run_id, "retry", "alice");
}

async function deploy({ installationClient }: Scene, ref: string): Promise<void> {
  const { repos } = installationClient();
  const wish = { ...shop, ref, environment: "dev", payload: { attempt: "a" }, required_contexts: [] };
  const { data } = await repos.createDeployment({ ...wish, auto_merge: false });
  const deployment_id = "id" in data ? data.id : 0;
  await repos.getDeployment({ ...shop, deployment_id });
  await repos.listDeployments({ ...shop, sha: ref, environment: "dev", per_page: 100 });
  await repos.createDeploymentStatus({ ...shop, deployment_id, state: "in_progress", description: "d" });
  await repos.listDeploymentStatuses({ ...shop, deployment_id, per_page: 1 });
}

async function merge({ as, users }: Scene, { copy }: Pushed): Promise<void> {
  const { issues, pulls } = as(users.bob);
  const { data } = await pulls.create({ ...shop, head: "feature/one", base: "main", title: "One" });
  const pull_number = data.number;
  await pulls.list({ ...shop, state: "all" });
  await pulls.get({ ...shop, pull_number });
  await pulls.update({ ...shop, pull_number, title: "The one", body: "Text" });
  const comment = await issues.createComment({ ...shop, issue_number: pull_number, body: "Well" });
  await issues.getComment({ ...shop, comment_id: comment.data.id });
  await issues.updateComment({ ...shop, comment_id: comment.data.id, body: "Well done" });
  await issues.listComments({ ...shop, issue_number: pull_number });
  await pulls.update({ ...shop, pull_number, state: "closed" });
  await pulls.update({ ...shop, pull_number, state: "open" });
  await copy.commit({ "src/b.txt": "b\n" });
  await copy.git("push", "--quiet", "origin", "feature/one");
  await pulls.merge({ ...shop, pull_number });
}
