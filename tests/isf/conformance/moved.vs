out vec2 isf_FragNormCoord;
void main() {
    isf_vertShaderInit();
    gl_Position.xy *= 0.5;
}
