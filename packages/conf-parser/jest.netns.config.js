import { netnsConfig } from '../../jest.base.js';

export default netnsConfig('@vrrp/conf-parser');
