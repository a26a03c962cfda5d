varying vec2 half_way;
void main(void) {
    vv_vertShaderInit();
    half_way = vv_FragNormCoord * level;
}
