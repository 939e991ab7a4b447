import './panel/panel.css';
import './panel/profile-page';
