import { interopConfig } from '../../jest.base.js';

export default interopConfig('@vrrp/state-machine');
