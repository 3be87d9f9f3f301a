// SPDX-License-Identifier: Apache-2.0

/** The mark, and which of Coterie's pages this is. */
export function Brand({ page }: { page: string }) {
  return (
    <div class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="10.5" />
        <circle class="full" cx="16" cy="5.5" r="3.8" />
        <circle class="full" cx="25.1" cy="21.2" r="3.8" />
        <circle class="full" cx="6.9" cy="21.2" r="3.8" />
      </svg>
      <span>
        Coterie <b>{page}</b>
      </span>
    </div>
  );
}
