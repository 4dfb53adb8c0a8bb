import "./fake/themes/base.css";
import "./fake/themes/dark.css";
import { installFakeHost } from "./fakeHost";

installFakeHost();
await import("./main");
