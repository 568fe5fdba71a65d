import { markup, type Html } from './html';
import type { WebContext } from '../options';
import { publicPath } from '../request-path';
import type { Visit } from '../visit';
import { layout } from './layout';

export interface LoginProblem {
  readonly to: string;
  readonly message: string;
}

/** Asks for a token, or says why none is accepted here. */
export function loginPage({ context, visitor, request, target }: Visit, problem?: LoginProblem): string {
  const { gatekeeper, basePath } = context;
  const isLogin = target.segments[0] === 'login';
  const to = problem?.to ?? (isLogin ? `${basePath}/` : publicPath(request.url ?? '', basePath));
  const body = gatekeeper.takesTokens(visitor)
    ? markup`<main class="notice"><form method="post" action="${basePath}/session">
        <h1>${context.title}</h1>
        <p><label for="token">You need a token to see these images.</label></p>
        ${problem && markup`<p class="problem" role="alert">${problem.message}</p>`}
        <p>
          <input id="token" name="token" type="password" autocomplete="current-password" required autofocus />
        </p>
        <input type="hidden" name="to" value="${to}" />
        <p><button>Show images</button></p>
      </form></main>`
    : notEncrypted(context, visitor.isBehindStranger);
  return layout(context, context.title, body);
}

function notEncrypted({ title }: WebContext, isBehindStranger: boolean): Html {
  const hint = isBehindStranger
    ? markup`<p>
        This request came through a proxy. If the proxy is yours and uses HTTPS, start the server with
        <code>--trust-proxy ADDRESS</code>.
      </p>`
    : markup`<p>
        Start the server with <code>--tls-cert</code> and <code>--tls-key</code>, or put an HTTPS proxy in front
        of it. On a network that you trust, start it with <code>--insecure</code>.
      </p>`;
  return markup`<main class="notice">
    <h1>${title}</h1>
    <p>
      These images need a token, and this connection is not encrypted: anyone on the network could read the
      token.
    </p>
    ${hint}
  </main>`;
}

/** For requests with a Host that the server does not know. */
export function foreignHostPage(context: WebContext, host: string): string {
  const name = host.replace(/:\d*$/, '');
  const body = markup`<main class="notice">
    <h1>Unknown server name</h1>
    <p>
      This server does not answer to the name <strong>${name}</strong>. Otherwise a website could read your
      images by pointing its own name at this address.
    </p>
    <p>
      If the name is right, start the server with <code>--allow-host ${name}</code>, or with
      <code>--base-url</code> and the full URL. The IP address always works.
    </p>
  </main>`;
  return layout(context, 'Unknown server name', body);
}
