import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';
import LanguageSwitch from './LanguageSwitch.vue';
import NetworkPlan from './NetworkPlan.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      'home-hero-image': () => h(NetworkPlan),
      'nav-bar-content-after': () => h(LanguageSwitch, { class: 'in-nav-bar' }),
      'nav-screen-content-after': () => h(LanguageSwitch, { class: 'in-nav-screen' }),
    }),
  enhanceApp({ app }) {
    app.component('LanguageSwitch', LanguageSwitch);
  },
};
