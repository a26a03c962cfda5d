/*{
    "PERSISTENT_BUFFERS": {"old": {"WIDTH": "$WIDTH / 8", "HEIGHT": 3, "FLOAT": true}},
    "PASSES": [{"TARGET": "old"}, {}]
}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(old) + vec4(0.75);
    else gl_FragColor = vec4(IMG_THIS_PIXEL(old).r / 4.0, IMG_SIZE(old) / 8.0, 1.0);
}
