varying vec2 left_coord;
varying vec2 right_coord;
varying vec3 told[2];
void main() {
    isf_vertShaderInit();
    vec2 one = 1.0 / RENDERSIZE;
    left_coord = clamp(vec2(isf_FragNormCoord.xy + vec2(-shift * one.x, 0.0)), 0.0, 1.0);
    right_coord = isf_FragNormCoord * 0.5 + shift;
    told[0] = vec3(0.0, 0.0, IMG_SIZE(inputImage).x / 32.0);
    told[1] = vec3(float(PASSINDEX) + 0.125, TIME, 0.0);
}
