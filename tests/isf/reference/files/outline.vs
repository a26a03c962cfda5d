varying vec2 left_coord, right_coord;
varying vec4 up_and_down;
varying float told;

void main() {
    isf_vertShaderInit();
    vec2 pixel = floor(reach) / RENDERSIZE;
    left_coord = isf_FragNormCoord - vec2(pixel.x, 0.0);
    right_coord = isf_FragNormCoord + vec2(pixel.x, 0.0);
    up_and_down = vec4(isf_FragNormCoord + vec2(0.0, pixel.y), isf_FragNormCoord - vec2(0.0, pixel.y));
    told = reach / 4.0 + 0.25 * gl_Position.x;
}
