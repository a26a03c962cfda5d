// Copies a part of a picture over the target; nothing of what lies beside that part comes in.
in vec2 uv;
uniform sampler2D source;
uniform vec4 part;  // corner and size in uv
out vec4 copied;

void main() {
    vec2 inset = min(0.5 / vec2(textureSize(source, 0)), 0.5 * part.zw);
    copied = texture(source, part.xy + clamp(uv * part.zw, inset, part.zw - inset));
}
