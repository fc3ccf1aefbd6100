import { convergence, toSvg } from '@foothold/viz';
import type { Configuration } from './configuration.ts';
import type { Examples } from './objective.ts';
import { comparisonOf, type NetworkTrial, percent, type Story, settingsText, sizesText } from './summary.ts';

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** The story as one HTML file: what was run, how the errors fell, every trial. Nothing is loaded from elsewhere. */
export async function reportOf(
  story: Story,
  { configuration, examples }: { readonly configuration: Configuration; readonly examples: Examples },
): Promise<string> {
  const value = 'validation error';
  const large = [
    { name: 'after the small network', trials: story.large },
    ...(story.cold ? [{ name: 'cold start', trials: story.cold }] : []),
  ];
  const charts = await Promise.all([
    toSvg(convergence({ series: large, direction: 'minimize', value, title: 'Large network' })),
    toSvg(
      convergence({
        series: [{ name: 'small network', trials: story.small }],
        direction: 'minimize',
        value,
        title: 'Small network',
      }),
    ),
  ]);
  const sentences = [...comparisonOf(story), ...sizesText(configuration, examples)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Small to large on Fashion-MNIST</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1a1a; background: #fff }
svg { max-width: 100%; height: auto }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums }
caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #ddd }
</style>
</head>
<body>
<h1>Small to large on Fashion-MNIST</h1>
${sentences.map((s) => `<p>${escaped(s)}</p>`).join('\n')}
${charts.join('\n')}
${tableOf('Small network', story.small)}
${tableOf('Large network, after the small one', story.large)}
${story.cold ? tableOf('Large network, cold start', story.cold) : ''}
<p>Backend ${escaped(configuration.backend)}, seed ${configuration.seed}.</p>
</body>
</html>
`;
}

function tableOf(caption: string, trials: readonly NetworkTrial[]): string {
  const rows = trials.map((t, i) => {
    const result =
      t.state === 'complete'
        ? `${percent(t.value)}${t.metrics?.diverged ? ' (diverged)' : ''}`
        : t.state === 'failed'
          ? t.reason
          : t.state;
    return `<tr><td>${i + 1}</td><td>${escaped(result)}</td><td>${escaped(settingsText(t.params))}</td></tr>`;
  });
  return `<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">trial</th><th scope="col">error</th><th scope="col">settings</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}
