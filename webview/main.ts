import "./theme.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { connectHost } from "./host";
import { registerControls } from "./controls";

registerControls();

const target = document.getElementById("app");
if (target === null) throw new Error("The page has no element with the id app.");
mount(App, { target, props: { host: connectHost() } });
