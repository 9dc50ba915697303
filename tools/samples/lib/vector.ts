// Three-number vectors and the pinhole camera that the rendered scenes share.

export type Vec = readonly [number, number, number];

export function add(a: Vec, b: Vec, factor = 1): Vec {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor];
}

export function dot(a: Vec, b: Vec): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec, b: Vec): Vec {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Much faster than Math.hypot, which guards against overflow that cannot happen here. */
export function length(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z);
}

export function unit(a: Vec): Vec {
  const inverse = 1 / length(a[0], a[1], a[2]);
  return [a[0] * inverse, a[1] * inverse, a[2] * inverse];
}

export function reflect(direction: Vec, normal: Vec): Vec {
  return add(direction, normal, -2 * dot(direction, normal));
}

export interface Camera {
  eye: Vec;
  right: Vec;
  up: Vec;
  forward: Vec;
}

export function lookAt(eye: Vec, target: Vec): Camera {
  const forward = unit(add(target, eye, -1));
  const right = unit(cross([0, 1, 0], forward));
  return { eye, right, up: cross(forward, right), forward };
}

/** The ray through a picture point: u to the right, v upwards, in units of the focal length. */
export function rayThrough(camera: Camera, u: number, v: number): Vec {
  return unit(add(add(camera.forward, camera.right, u), camera.up, v));
}

/** A cosine-weighted direction about a normal, from two uniform numbers. */
export function scatter(normal: Vec, first: number, second: number): Vec {
  const angle = first * 2 * Math.PI;
  const height = 2 * second - 1;
  const ring = Math.sqrt(1 - height * height);
  const sphere: Vec = [Math.cos(angle) * ring, Math.sin(angle) * ring, height];
  return unit(add(normal, sphere, 0.999));
}
