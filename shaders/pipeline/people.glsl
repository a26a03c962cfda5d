// The circle as the mask needs it: one row per person, uploaded once per frame.
layout(std140) uniform People {
    vec4 seat[256];  // xy: seat, z: power weight, w: sanctuary radius (plane units)
    vec4 look[256];  // x: part of the disc that is edge, y: m, z: 1/(2 reach), w: 1 if objecting
    vec4 mood[256];  // x: light gathered here, -0.5 .. 0.5, y: grown 0 .. 1, z: 1 if leaving
};
uniform int people;     // rows in use; empty rows have a weight no seat can win with
uniform float aspect;   // width / height of the plane; y is -0.5 .. 0.5
