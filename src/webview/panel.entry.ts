import 'uplot/dist/uPlot.min.css';
import './panel/panel.css';
import './panel/app';
