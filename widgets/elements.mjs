// What the build writes for an element and for a fragment: names that no variable of ours has, since one would be called.
export { createElement as $element, Fragment as $fragment } from "preact";
