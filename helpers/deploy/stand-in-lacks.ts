/**
 * Whether a submission needs something that the official image has and the stand-in has not. That is never the student's
 * fault. Where stand-ins are programs of ours, they say it themselves, in a sentence that is looked for here. A submission can
 * print this sentence, too: it is believed, as about the network, because nothing is gained by it.
 */
import type { TextFile } from '../submission/submission.ts';

const SAYS_ITSELF = /netgrade's stand-in for [\w-]{1,40} lacks [^"\n]{1,300}/;
/** Debian's nginx-light 1.22 does not know these; the official image of nginx 1.27 does (nginx.org/en/docs/dirindex.html). */
const OF_NGINX =
  /unknown directive "((?:http2|http3|quic_\w+|sub_filter\w*|auth_request\w*|add_(?:before|after)_body|addition_types|dav_\w+|create_full_put_path|flv|mp4\w*|gunzip\w*|random_index|secure_link\w*|slice|js_\w+|perl\w*|xslt_\w+|image_filter\w*|geoip_\w+|mail|ssl_preread|ssl_reject_handshake|resolver_status_zone|proxy_pass_trailers))"/;
const NO_MODULE = /dlopen\(\) "[^"\n]{0,200}(ngx_\w{1,60}_module)\.so" failed/;
const NO_APK = /\bapk: (?:command )?not found|exec: "apk": executable file not found/;
/** A base or an image whose tag says that it is made from Alpine. */
const OF_ALPINE =
  /^[ \t]{0,40}(?:FROM|-?[ \t]{0,20}image:)[ \t][^\n#]{0,200}\b(nginx|python|mongo|node):[\w.-]{0,60}alpine/im;

/** A program that is not there, in the words of Debian's shell and of the engine. */
const NO_PROGRAM = /(?:\/bin\/sh: \d{1,4}: |exec: ")([\w.+-]{1,40})(?:: not found|": executable file not found)/g;
/** Programs of the official images that the stand-ins lack: what ca-certificates needs, and MongoDB's own tools. */
const PROGRAMS: Record<string, RegExp> = {
  nginx: /^openssl$/,
  python: /^openssl$/,
  mongo: /^(openssl|jq|gosu|numactl|bsondump|mongo(dump|restore|import|export|stat|top|files|s))$/,
};
/** Those of `buildpack-deps`, on which the images of Python are based whose tag says neither slim nor alpine. */
const OF_WHOLE_PYTHON = /^(gcc|g\+\+|cc|make|git|curl|wget|unzip|file|patch|xz|autoconf|pkg-config|svn|hg)$/;
const BASE = /^[ \t]{0,40}(?:FROM|-?[ \t]{0,20}image:)[ \t]{1,20}(?:--\S{1,60}[ \t]{1,20})?["']?(?:docker\.io\/)?(?:library\/)?(nginx|python|mongo)(?![\w./-])(:[\w.-]{0,128})?/gim; // prettier-ignore

/** The base of a submission's that should have a program, and whose stand-in lacks it. */
function programLack(said: string[], files: Pick<TextFile, 'text'>[]): string | undefined {
  const missing = said.flatMap((text) => [...text.matchAll(NO_PROGRAM)].map(([, program = '']) => program));
  if (missing.length === 0) return undefined;
  // A file that names the program comes first: it is most likely the Dockerfile whose step failed.
  const names = ({ text }: Pick<TextFile, 'text'>): boolean => missing.some((program) => text.includes(program));
  const bases = [...files.filter(names), ...files].flatMap(({ text }) => [...text.matchAll(BASE)]);
  for (const [, image = '', tag = ''] of bases) {
    if (/alpine/i.test(tag)) continue;
    const isWhole = image === 'python' && !/slim/i.test(tag);
    const has = (program: string): boolean =>
      PROGRAMS[image]?.test(program) === true || (isWhole && OF_WHOLE_PYTHON.test(program));
    const program = missing.find(has);
    if (program !== undefined) return `netgrade's stand-in for ${image} lacks the program ${program}`;
  }
  return undefined;
}

/**
 * @param said What the deployment and its containers have printed.
 * @param files What was handed in.
 * @returns a clause that names the stand-in and what it lacks; undefined when none is what stands in the way.
 */
export function standInLack(said: string[], files: Pick<TextFile, 'text'>[]): string | undefined {
  for (const text of said) {
    const sentence = SAYS_ITSELF.exec(text)?.[0];
    if (sentence !== undefined) return sentence.trim();
    const directive = OF_NGINX.exec(text)?.[1] ?? NO_MODULE.exec(text)?.[1];
    if (directive !== undefined) return `netgrade's stand-in for nginx lacks ${directive}`;
  }
  if (!said.some((text) => NO_APK.test(text))) return programLack(said, files);
  const [, image] = files.map(({ text }) => OF_ALPINE.exec(text)).find((match) => match !== null) ?? [];
  return image === undefined ? undefined : `netgrade's stand-in for ${image} (alpine) lacks apk, Alpine's packages`;
}
