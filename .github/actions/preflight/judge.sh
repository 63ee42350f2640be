#!/usr/bin/env bash
# One run in a job: options from the environment, summary on the page of the job, verdict and folder as outputs.
set -uo pipefail

options=(--profile "$PROFILE" --out "$OUT")
[ -n "$RELEASE" ] && options+=(--release "$RELEASE")
[ "${DISRUPTIVE:-false}" = true ] && options+=(--disruptive)
[ -n "$WAIVERS" ] && options+=(--waivers "$WAIVERS")
[ -n "$SHARD" ] && options+=(--shard "$SHARD")
while IFS= read -r glob; do
  [ -n "$glob" ] && options+=(--only "$glob")
done <<< "$ONLY"

runs() { find "$OUT" -mindepth 1 -maxdepth 1 -type d 2> /dev/null | sort; }

before=$(runs)
"$RUNNER_TEMP/preflight/bin/preflight" run "${options[@]}"
code=$?
run=$(comm -13 <(printf '%s\n' "$before") <(runs) | tail -n 1)

case $code in
  0) verdict=pass ;;
  1) verdict=fail ;;
  3) verdict=inconclusive ;;
  *) verdict=error ;;
esac
{
  echo "verdict=$verdict"
  echo "run=$run"
} >> "$GITHUB_OUTPUT"
[ -n "$run" ] && cat "$run/summary.md" >> "$GITHUB_STEP_SUMMARY"

if [ "$code" -eq 3 ] && [ "$ALLOW" = true ]; then
  echo "::warning title=Preflight::The run is inconclusive; its summary says why."
  exit 0
fi
exit "$code"
