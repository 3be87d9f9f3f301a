// SPDX-License-Identifier: Apache-2.0
import type { Catalogue, Field, FieldValue, Template } from "../api/contract";

/** What the controls hold: a template and the value of every field, as the scenario's text writes it. */
export interface Settings {
  template: string;
  values: Record<string, string>;
}

const version = "v1";

/** A value as the text writes it: a decimal point is `_`, since `.` parts the fields. */
export function valueText(field: Field | undefined, value: FieldValue): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return String(value).replace(".", "_");
  return field?.kind === "bool" ? (isOn(value) ? "on" : "off") : value.replaceAll(".", "_");
}

export const isNumeric = (field: Field) => field.kind === "int" || field.kind === "number";

export const isOn = (text: string) => /^(on|true|yes|1)$/.test(text);

/** The number that a text begins with, whatever unit follows it. */
export function numberOf(text: string): number {
  const found = /^-?\d+(?:_\d+)?/.exec(text);
  return found ? Number(found[0].replace("_", ".")) : Number.NaN;
}

export function ofTemplate(template: Template, fields: Field[]): Settings {
  const values: Record<string, string> = {};
  for (const field of fields) {
    const given = template.fields[field.name];
    if (given !== undefined && given !== null) values[field.name] = valueText(field, given);
  }
  return { template: template.id, values };
}

/** The scenario's text: the template, then what differs from it, in the order of the fields. */
export function textOf(settings: Settings, catalogue: Catalogue): string {
  const template = catalogue.templates.find((one) => one.id === settings.template);
  const defaults = template ? ofTemplate(template, catalogue.fields).values : {};
  let text = `${version}.${settings.template}`;
  for (const field of catalogue.fields) {
    const value = settings.values[field.name];
    if (value === undefined || same(field, value, defaults[field.name])) continue;
    text += `.${field.name}=${value}`;
  }
  return text;
}

function same(field: Field, one: string, other: string | undefined): boolean {
  if (other === undefined) return one === "";
  if (isNumeric(field)) return numberOf(one) === numberOf(other);
  if (field.kind === "bool") return isOn(one) === isOn(other);
  return one === other;
}

/** Reads a scenario's text. A text that this page cannot show is an error whose message is for people. */
export function settingsOf(text: string, catalogue: Catalogue): Settings {
  const [head, name, ...rest] = text.split(".");
  if (head !== version) {
    throw new Error(`This link is of version "${head}"; this page reads ${version}. Use a newer Coterie.`);
  }
  const template = catalogue.templates.find((one) => one.id === name);
  if (!template) {
    const known = catalogue.templates.map((one) => one.id).join(", ");
    throw new Error(`This link names the template "${name}", which is not known here. Known: ${known}.`);
  }
  const settings = ofTemplate(template, catalogue.fields);
  for (const part of rest) {
    const cut = part.indexOf("=");
    const field = catalogue.fields.find((one) => one.name === part.slice(0, cut));
    if (!field) throw new Error(`This link sets "${part}", which is no field known here.`);
    settings.values[field.name] = plain(field, part.slice(cut + 1));
  }
  return settings;
}

function plain(field: Field, text: string): string {
  if (isNumeric(field)) return valueText(field, numberOf(text));
  if (field.kind === "bool") return isOn(text) ? "on" : "off";
  return text;
}

/** What a link says: one scenario, or two to compare; the build that ran them and the results, where they are known. */
export interface Link {
  a: string;
  b: string | null;
  build: string;
  /** The result hash of each; empty where they are not known. */
  results: string[];
}

export function fragmentOf({ a, b, build, results }: Link): string {
  const known = results.length > 0 && results.every(Boolean);
  return `#${a}${b === null ? "" : `&vs=${b}`}${build && `&build=${build}`}${known ? `&result=${results.join(".")}` : ""}`;
}

export function linkIn(fragment: string): Link | null {
  const [a, ...rest] = decodeURIComponent(fragment.replace(/^#/, "")).split("&");
  if (!a) return null;
  const part = (name: string) => rest.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  return { a, b: part("vs") ?? null, build: part("build") ?? "", results: part("result")?.split(".") ?? [] };
}
