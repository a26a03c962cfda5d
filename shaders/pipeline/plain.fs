/*{
    "ISFVSN": "2",
    "DESCRIPTION": "A soft light in the person's colours, drawn when a generator cannot be.",
    "CREDIT": "Performer",
    "INPUTS": [
        {"NAME": "energy", "TYPE": "float", "DEFAULT": 0.35, "MIN": 0.0, "MAX": 1.0},
        {"NAME": "breath", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0.0, "MAX": 1.0},
        {"NAME": "seed", "TYPE": "float", "DEFAULT": 0.5, "MIN": 0.0, "MAX": 1.0},
        {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.03, 0.05, 0.1, 1.0]},
        {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.3, 0.4, 0.6, 1.0]}
    ]
}*/
void main() {
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    p -= 0.12 * vec2(sin(TIME * 0.11 + seed * 40.0), cos(TIME * 0.13 + seed * 70.0));
    float light = exp(-dot(p, p) * (9.0 - 3.0 * breath)) * (0.5 + 0.5 * energy);
    gl_FragColor = vec4(mix(ground.rgb, tone.rgb, light), 1.0);
}
