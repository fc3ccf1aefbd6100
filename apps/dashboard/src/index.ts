/** What another page needs to show studies of its own source as this one does. */
export { Content, Mark, ThemeIcon, titleOf } from './app.tsx';
export { source, tellPerson } from './app-state.ts';
export { Dialog } from './components/dialog.tsx';
export { NoticeRegion } from './components/notice-region.tsx';
export { saveFile } from './components/save-file.ts';
export { addressOf, followAddress, goTo, type Route, route } from './route.ts';
export { outputIn } from './sources/output-in.ts';
export type {
  Connection,
  ListedStudy,
  LogFollower,
  StudyActions,
  StudySource,
} from './sources/study-source.ts';
export { fileNameOf } from './text.ts';
export { followTheme, isDark, switchTheme } from './theme.ts';
