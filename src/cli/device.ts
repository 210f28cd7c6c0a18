import { type Device, deviceById, devices } from '../analysis/advice'
import { Unusable } from './unusable'

/** A device by its id, the first where none is named; throws Unusable for an id that is none. */
export function deviceOf(id: string | undefined): Device {
  const device = deviceById(id)
  if (id !== undefined && device.id !== id) {
    throw new Unusable(`no device ${id}; it is one of ${devices.map(d => d.id).join(', ')}.`)
  }
  return device
}
