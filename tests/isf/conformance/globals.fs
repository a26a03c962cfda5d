/*{
    "ISFVSN": "2",
    "INPUTS": [
        {"NAME": "level", "TYPE": "float", "DEFAULT": 0.25},
        {"NAME": "tint", "TYPE": "color", "DEFAULT": [0.1, 0.2, 0.3, 1]},
        {"NAME": "place", "TYPE": "point2D", "DEFAULT": [0.5, 0.75]}
    ]
}*/
float doubled = level * 2.0;
vec2 centre = RENDERSIZE / 2.0, off = place - centre / RENDERSIZE;
vec4 base = tint;
float here = isf_FragNormCoord.x;
vec2 pixel = gl_FragCoord.xy / RENDERSIZE.xy;
float late = fract(TIME);
void main() {
    gl_FragColor = vec4(doubled, off.y + base.g, here - pixel.x + late, 1.0);
}
