import { armCrashPoint, crashPoint } from './crash-point';

describe('a crash point', () => {
  let killed: jest.SpyInstance;
  beforeEach(() => (killed = jest.spyOn(process, 'kill').mockReturnValue(true)));
  afterEach(() => {
    armCrashPoint('');
    killed.mockRestore();
  });

  it('does nothing unless armed', () => {
    crashPoint('delivery.stored');
    expect(killed).not.toHaveBeenCalled();
  });

  it('kills the process at the passage it is armed for, and at no other', () => {
    armCrashPoint('order.read:2');
    crashPoint('order.written');
    crashPoint('order.read');
    expect(killed).not.toHaveBeenCalled();
    crashPoint('order.read');
    expect(killed).toHaveBeenCalledWith(process.pid, 'SIGKILL');
  });
});
