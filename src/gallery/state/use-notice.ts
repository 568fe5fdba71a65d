import { useRef, useState } from 'preact/hooks';

/** Milliseconds that a notice stays. */
const STAY = 5000;

export interface Notice {
  readonly text: string;
  /** Only for screen readers: everybody else can see it. */
  readonly isHeardOnly: boolean;
}

/** Notices, one at a time. */
export function useNotice() {
  const [notice, setNotice] = useState<Notice>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const put = (text: string, isHeardOnly: boolean) => {
    clearTimeout(timer.current);
    setNotice({ text, isHeardOnly });
    timer.current = setTimeout(() => setNotice(undefined), STAY);
  };
  return {
    notice,
    say: (text: string) => put(text, false),
    tell: (text: string) => put(text, true),
  };
}
