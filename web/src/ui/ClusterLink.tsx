// SPDX-License-Identifier: Apache-2.0
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const there = signal(false);

/** To the dashboard of the node that offers this page; nothing where the Lab is served alone. */
export function ClusterLink() {
  useEffect(() => {
    fetch("/", { headers: { accept: "application/json" } })
      .then((response) => response.json())
      .then((list: { dashboard?: string }) => (there.value = list.dashboard !== undefined))
      .catch(() => (there.value = false));
  }, []);
  return there.value ? (
    <a class="button" href="/" data-testid="to-cluster">
      The cluster
    </a>
  ) : null;
}
