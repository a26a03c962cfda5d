/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A wheel of hues: angles, colours, what is outside of a circle.",
    "INPUTS": [
        {"NAME": "inner", "TYPE": "color", "DEFAULT": [1.0, 1.0, 1.0, 1.0]},
        {"NAME": "outer", "TYPE": "color", "DEFAULT": [0.1, 0.2, 0.3, 0.5]},
        {"NAME": "turned", "TYPE": "float", "MIN": -180, "MAX": 180, "DEFAULT": 30}
    ]
}*/
const float TAU = 6.28318531;

vec3 hue(float h) {
    return clamp(abs(mod(h * 6.0 + vec3(0.0, 4.0, 2.0), 6.0) - 3.0) - 1.0, 0.0, 1.0);
}

void main() {
    vec2 p = (gl_FragCoord.xy - 0.5 * RENDERSIZE) / RENDERSIZE.y;
    float r = 2.0 * length(p);
    vec4 seen = vec4(hue(atan(p.y, p.x) / TAU + turned / 360.0 + 1.0), 1.0);
    seen = mix(inner, seen, smoothstep(0.0, 1.0, r));
    gl_FragColor = mix(seen, outer, smoothstep(0.9, 1.1, r));
}
