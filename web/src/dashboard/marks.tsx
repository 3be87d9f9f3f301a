// SPDX-License-Identifier: Apache-2.0
// Marks that say the same by their shape as by their colour.

const shapes = {
  good: <path d="M3.5 8.3 6.6 11.4 12.5 4.9" />,
  watch: <path d="M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4h.01" />,
  bad: <path d="M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6" />,
  note: <circle cx="8" cy="8" r="3" />,
  none: <path d="M4 8h8" />,
} as const;

export type MarkName = keyof typeof shapes;

export function Mark({ name, label }: { name: MarkName; label?: string }) {
  return (
    <svg class={`mark mark-${name}`} viewBox="0 0 16 16" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : true}>
      {shapes[name]}
    </svg>
  );
}
