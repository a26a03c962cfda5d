/*{"ISFVSN": "2"}*/
void main() {
    gl_FragColor = vec4(isf_FragNormCoord, abs(gl_FragCoord.xy / RENDERSIZE - isf_FragNormCoord) * 100.0);
}
