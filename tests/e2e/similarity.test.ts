/** From three students' folders to the finding: a copy with other names, and somebody who worked alone. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { grade, labOf, summaryIn, workspace } from '../helpers/grade.ts';

const LAB = 'none-network';
const GRADING_MS = 240_000;

const ORIGINAL = `#!/bin/bash
# isolated, and looked at
set -e
report() { printf '%-20s %s\\n' "$1" "$2"; }
docker run -dit --name isolated --network none --memory 48m --pids-limit 20 --label course=networks alpine ash
links=$(docker exec isolated ip -oneline link show | grep -vc 'lo:' || true)
report "links besides lo" "$links"
routes=$(docker exec isolated ip route show table main | wc -l)
report "routes in its table" "$routes"
if docker exec isolated timeout 3 wget -q -O - http://198.51.100.7/ 2> /dev/null; then
  report "outside" "was reached, which is wrong"
else
  report "outside" "cannot be reached, as it should be"
fi
`;
/** The same with other names, comments and indentation, and two lines the other way round. */
const COPY = `#!/bin/bash
set -e
show() {
    printf '%-20s %s\\n' "$1" "$2"      # a line
}
docker run -dit --name isolated --network none --memory 48m --pids-limit 20 --label course=networks alpine ash
r=$(docker exec isolated ip route show table main | wc -l)
l=$(docker exec isolated ip -oneline link show | grep -vc "lo:" || true)
show 'links besides lo' "$l"
show 'routes in its table' "$r"
if docker exec isolated timeout 3 wget -q -O - http://198.51.100.7/ 2> /dev/null; then
    show "outside" "was reached, which is wrong"
else
    show "outside" "cannot be reached, as it should be"
fi
`;
const ALONE = `#!/bin/sh
docker run --detach --name isolated --network none --read-only --cap-drop ALL busybox sleep 86400
docker inspect --format '{{ json .NetworkSettings.Networks }}' isolated
docker exec isolated cat /proc/net/dev /proc/net/route
`;

test(
  'records have a fingerprint, and the summary names those to look at side by side',
  async () => {
    using place = workspace();
    for (const [student, script] of Object.entries({ ada: ORIGINAL, ben: ALONE, cem: COPY, dan: undefined })) {
      const folder = path.join(place.submissions, student, LAB);
      mkdirSync(script === undefined ? path.dirname(folder) : folder, { recursive: true });
      if (script !== undefined) writeFileSync(path.join(folder, 'run.sh'), script);
    }
    const { exitCode } = await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
    const labs = ['ada', 'ben', 'cem', 'dan'].map((student) => labOf(place.out, student, LAB));
    expect([exitCode, ...labs.map(({ status }) => status)]).toEqual([0, 'graded', 'graded', 'graded', 'missing']);
    expect(labs.map(({ fingerprint }) => fingerprint?.grams === undefined)).toEqual([false, false, false, true]);
    expect(summaryIn(place.out).similar?.map(({ lab, students }) => [lab, students])).toEqual([[LAB, ['ada', 'cem']]]);
  },
  GRADING_MS,
);
