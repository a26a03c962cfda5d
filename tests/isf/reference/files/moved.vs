varying vec3 mixed;

void main() {
    isf_vertShaderInit();
    gl_Position.xy = gl_Position.xy * size + to;
    mixed = vec3(isf_FragNormCoord * 0.5 + 0.25, 0.5);
}
