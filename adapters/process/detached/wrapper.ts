/**
 * A small shell between the worker and a detached program. It is constant text; everything variable comes in as
 * arguments: `$1` the directory of the process, `$2` the file for descriptor 3 (to which a
 * sandbox writes the pid of what it runs), then the program with its arguments.
 *
 * - It claims `process` exclusively: whoever adopts a directory without that file claims it too, so that a start and
 *   an adoption can never both win.
 * - It outlives SIGTERM, SIGINT and SIGHUP, because somebody must write down how the program ended.
 * - A sandbox may be killed while what runs inside lives on: then the end is not written before that is over.
 */
export const wrapper = `
directory=$1 info=$2
shift 2
{ read -r start </proc/$$/stat; } 2>/dev/null || start=$(LC_ALL=C TZ=UTC ps -o lstart= -p $$)
set -C
{ printf '%s\\n%s\\n' "$$" "$start" >"$directory/process"; } 2>/dev/null || exit 125
set +C
caught=
trap 'caught=1' TERM INT HUP
"$@" 3>"$info" &
child=$!
printf '%s\\n' "$child" >"$directory/child"
wait "$child"
code=$?
while [ -n "$caught" ]; do
  caught=
  wait "$child"
  code=$?
done
if [ "$code" -gt 128 ] && [ -f "$info" ]; then
  inside=$(sed -n 's/.*"child-pid": *\\([0-9]*\\).*/\\1/p' "$info")
  while [ -n "$inside" ] && kill -0 "$inside" 2>/dev/null; do sleep 1; done
fi
printf '%s\\n' "$code" >"$directory/exit"
exit "$code"
`;
