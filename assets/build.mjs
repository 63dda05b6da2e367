// Bundles the front end into src/egovdocs/static: one style sheet, one script per page that needs one, the fonts.
import { cp, mkdir, rm } from "node:fs/promises";
