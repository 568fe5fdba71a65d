import { markup, type Html } from './html';
import type { WebContext } from '../options';
import { publicPath } from '../request-path';
import type { Visit } from '../visit';
import { layout } from './layout';

export interface LoginProblem {
  readonly to: string;
  readonly message: string;
}

/** Asks for a token, or says why none is taken here. */
export function loginPage({ context, visitor, request, target }: Visit, problem?: LoginProblem): string {
  const { gatekeeper, basePath } = context;
  const isLogin = target.segments[0] === 'login';
  const to = problem?.to ?? (isLogin ? `${basePath}/` : publicPath(request.url ?? '', basePath));
  const body = gatekeeper.takesTokens(visitor)
    ? markup`<form class="notice" method="post" action="${basePath}/session">
        <h1>${context.title}</h1>
        <p><label for="token">This collection needs a token.</label></p>
        ${problem && markup`<p class="problem" role="alert">${problem.message}</p>`}
        <p>
          <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
        </p>
        <input type="hidden" name="to" value="${to}" />
        <p><button>Show images</button></p>
      </form>`
    : notEncrypted(context, visitor.isBehindStranger);
  return layout(context, context.title, body);
}

function notEncrypted({ title }: WebContext, isBehindStranger: boolean): Html {
  const hint = isBehindStranger
    ? markup`<p>
        A proxy has sent this request. If it is yours and speaks HTTPS, start the server with
        <code>--trust-proxy ADDRESS</code>.
      </p>`
    : markup`<p>
        Start the server with <code>--tls-cert</code> and <code>--tls-key</code>, put a proxy that speaks
        HTTPS before it, or give it <code>--insecure</code> where you trust the network.
      </p>`;
  return markup`<div class="notice">
    <h1>${title}</h1>
    <p>
      This collection needs a token, and takes none over an unencrypted connection: whoever is on the way
      could read it.
    </p>
    ${hint}
  </div>`;
}

/** Somebody has called the server by a name that it does not know. */
export function foreignHostPage(context: WebContext, host: string): string {
  const name = host.replace(/:\d*$/, '');
  const body = markup`<div class="notice">
    <h1>Not here under this name</h1>
    <p>
      This server does not answer to the name <strong>${name}</strong>, so that no website can read your
      images by pointing its own name here.
    </p>
    <p>
      If this is the right name, start the server with <code>--allow-host ${name}</code>, or with
      <code>--base-url</code> and the whole address. Its IP address always works.
    </p>
  </div>`;
  return layout(context, 'Not here under this name', body);
}
