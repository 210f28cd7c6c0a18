# Programs that Keras accepts. `#!` gives the shapes of the outputs of the last model, worked out from the rules of its
# layers (same: ceil(n / s), valid: floor((n - k) / s) + 1, transposed same: n s, transposed valid: (n - 1) s + max(k, s)),
# or `silent`. Cells are programs of their own.

#%% dense layers work on the last axis of a map
import keras
from keras import layers

inputs = keras.Input(shape=(8, 8, 3))
x = layers.Conv2D(16, 3, padding='same')(inputs)
outputs = layers.Dense(10)(x)
model = keras.Model(inputs, outputs)  #! 1×8×8×10

#%% the first convolution declares the input
from tensorflow.keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from tensorflow.keras.models import Sequential

model = Sequential()
model.add(Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)))
model.add(MaxPooling2D((2, 2)))
model.add(Conv2D(64, (3, 3), activation='relu'))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))  #! 1×10

#%% old names of arguments and classes
from keras.layers import Activation, Convolution2D, Dense, Flatten, LeakyReLU
from keras.models import Sequential

model = Sequential()
model.add(Convolution2D(16, (5, 5), border_mode='same', subsample=(2, 2), input_shape=(32, 32, 3)))
model.add(LeakyReLU(alpha=0.2))
model.add(Flatten())
model.add(Dense(3, init='he_normal'))
model.add(Activation('softmax'))  #! 1×3

#%% residual with a projection
import keras
from keras import layers


def block(x, filters, stride):
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
    x = layers.Conv2D(filters, 3, strides=stride, padding='same', use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters, 3, padding='same', use_bias=False)(x)
    return layers.ReLU()(layers.add([x, shortcut]))


inputs = keras.Input((32, 32, 3))
x = inputs
for filters, stride in ((16, 1), (32, 2), (64, 2)):
    x = block(x, filters, stride)
outputs = layers.Dense(10)(layers.GlobalAveragePooling2D()(x))
model = keras.Model(inputs=inputs, outputs=outputs, name='resnet')  #! 1×10

#%% vectors broadcast over maps
import keras
from keras import layers

inputs = keras.Input((16, 16, 32))
s = layers.GlobalAveragePooling2D(keepdims=True)(inputs)
s = layers.Conv2D(8, 1, activation='relu')(s)
s = layers.Conv2D(32, 1, activation='sigmoid')(s)
model = keras.Model(inputs, layers.Multiply()([inputs, s]))  #! 1×16×16×32

#%% squeeze and excitation by reshape
import keras
from keras import layers

inputs = keras.Input((16, 16, 32))
s = layers.GlobalAveragePooling2D()(inputs)
s = layers.Reshape((1, 1, 32))(s)
s = layers.Dense(2, activation='relu')(s)
s = layers.Dense(32, activation='sigmoid')(s)
model = keras.Model(inputs, inputs * s)  #! 1×16×16×32

#%% inception: branches side by side
import keras
from keras import layers

inputs = keras.Input(shape=(28, 28, 192))
a = layers.Conv2D(64, 1)(inputs)
b = layers.Conv2D(128, 3, padding='same')(layers.Conv2D(96, 1)(inputs))
c = layers.Conv2D(32, 5, padding='same')(layers.Conv2D(16, 1)(inputs))
d = layers.Conv2D(32, 1)(layers.MaxPooling2D(3, strides=1, padding='same')(inputs))
model = keras.Model(inputs, layers.concatenate([a, b, c, d]))  #! 1×28×28×256

#%% generator: dense, reshape, transposed convolutions
import keras
from keras import layers

generator = keras.Sequential(
    [
        keras.Input(shape=(128,)),
        layers.Dense(7 * 7 * 128),
        layers.Reshape((7, 7, 128)),
        layers.Conv2DTranspose(128, 4, strides=2, padding='same'),
        layers.LeakyReLU(negative_slope=0.2),
        layers.Conv2DTranspose(64, 3, strides=2),
        layers.Conv2D(1, 7, padding='same', activation='sigmoid'),
    ]
)  #! 1×29×29×1

#%% U-Net with upsampling
import keras
from keras import layers


def double(x, n):
    x = layers.Conv2D(n, 3, padding='same', activation='relu')(x)
    return layers.Conv2D(n, 3, padding='same', activation='relu')(x)


inputs = keras.Input((64, 64, 1))
skips = []
x = inputs
for n in (8, 16):
    x = double(x, n)
    skips.append(x)
    x = layers.MaxPooling2D()(x)
x = double(x, 32)
for n, skip in zip((16, 8), reversed(skips)):
    x = layers.UpSampling2D()(x)
    x = layers.Concatenate()([x, skip])
    x = double(x, n)
model = keras.Model(inputs, layers.Conv2D(2, 1, activation='softmax')(x))  #! 1×64×64×2

#%% U-Net with cropping
import keras
from keras import layers

inputs = keras.Input((32, 32, 1))
a = layers.Conv2D(8, 3)(inputs)
b = layers.Conv2D(16, 3)(layers.MaxPooling2D()(a))
up = layers.Conv2DTranspose(8, 2, strides=2)(b)
crop = layers.Cropping2D(((1, 2), (1, 2)))(a)
crop = layers.Cropping2D(((0, 1), (1, 0)))(crop)
model = keras.Model(inputs, layers.Concatenate(axis=3)([up, crop]))  #! 1×26×26×16

#%% shared layers: two towers
import keras
from keras import layers

tower = keras.Sequential(
    [layers.Conv2D(16, 3, activation='relu'), layers.GlobalMaxPooling2D(), layers.Dense(32)], name='tower'
)
left = keras.Input((64, 64, 3))
right = keras.Input((64, 64, 3))
distance = layers.Lambda(lambda v: keras.ops.abs(v[0] - v[1]))([tower(left), tower(right)])
model = keras.Model([left, right], layers.Dense(1, activation='sigmoid')(distance))  #! 1×1

#%% nested models and outputs of layers inside
import keras
from keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(8, 3, name='early')(inputs)
x = layers.Conv2D(16, 3, name='late')(x)
body = keras.Model(inputs, x, name='body')
taps = keras.Model(body.input, [body.get_layer('early').output, body.layers[-1].output])
image = keras.Input((32, 32, 3))
early, late = taps(image)
model = keras.Model(image, [early, layers.Flatten()(late)])  #! 1×30×30×8 1×12544

#%% several inputs and outputs by name
import keras
from keras import layers

title = keras.Input(shape=(100,), name='title', dtype='int32')
tags = keras.Input(shape=(12,), name='tags')
features = layers.LSTM(128)(layers.Embedding(10000, 64)(title))
x = layers.concatenate([features, tags])
priority = layers.Dense(1, name='priority')(x)
department = layers.Dense(4, name='department')(x)
model = keras.Model(
    inputs=[title, tags], outputs={'priority': priority, 'department': department}
)  #! 1×4 1×1

#%% recurrent layers over sequences
import keras
from keras import layers

model = keras.Sequential()
model.add(keras.Input(shape=(50, 8)))
model.add(layers.Bidirectional(layers.LSTM(64, return_sequences=True)))
model.add(layers.GRU(32))
model.add(layers.Dense(1))  #! 1×1

#%% frames of a video
import keras
from keras import layers

frames = keras.Input(shape=(10, 32, 32, 3))
cnn = keras.Sequential([layers.Conv2D(8, 3, strides=2), layers.GlobalAveragePooling2D()])
x = layers.TimeDistributed(cnn)(frames)
x = layers.LSTM(16)(x)
model = keras.Model(frames, layers.Dense(5)(x))  #! 1×5

#%% convolutional recurrence
import keras
from keras import layers

inputs = keras.Input(shape=(None, 40, 40, 1))
x = layers.ConvLSTM2D(16, 3, padding='same', return_sequences=True)(inputs)
x = layers.Conv3D(1, 3, padding='same')(x)
model = keras.Model(inputs, x)  #! silent

#%% classes with layers in a list
import keras
from keras import layers


class Net(keras.Model):
    def __init__(self, widths=(8, 16, 32)):
        super().__init__()
        self.convs = [layers.Conv2D(w, 3, padding='same', activation='relu') for w in widths]
        self.pool = layers.MaxPooling2D()
        self.head = layers.Dense(10)

    def call(self, x, training=False):
        for conv in self.convs:
            x = self.pool(conv(x))
        x = keras.ops.mean(x, axis=(1, 2))
        return self.head(x)


model = Net()
model.build((None, 32, 32, 3))  #! 1×10

#%% a layer of the program's own with build
import keras
from keras import layers, ops


class Linear(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer='random_normal')
        self.b = self.add_weight(shape=(self.units,), initializer='zeros', trainable=True)

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)


inputs = keras.Input((20,))
model = keras.Model(inputs, Linear(5)(Linear(10)(inputs)))  #! 1×5

#%% a layer that subclasses a convolution
import keras
from keras import layers


class ConvBlock(layers.Conv2D):
    def __init__(self, filters, **kwargs):
        super().__init__(filters, 3, padding='same', use_bias=False, **kwargs)
        self.bn = layers.BatchNormalization()

    def call(self, x):
        return self.bn(super().call(x))


inputs = keras.Input((16, 16, 3))
model = keras.Model(inputs, ConvBlock(8)(inputs))  #! 1×16×16×8

#%% channels first by argument
import keras
from keras import layers

inputs = keras.Input((3, 32, 48))
x = layers.Conv2D(8, 3, data_format='channels_first')(inputs)
x = layers.BatchNormalization(axis=1)(x)
x = layers.MaxPooling2D(2, data_format='channels_first')(x)
model = keras.Model(inputs, layers.GlobalAveragePooling2D(data_format='channels_first')(x))  #! 1×8

#%% channels first by setting
import keras
from keras import backend as K
from keras import layers

K.set_image_data_format('channels_first')
inputs = keras.Input((3, 32, 48))
axis = 1 if K.image_data_format() == 'channels_first' else -1
x = layers.Conv2D(8, 3, padding='same', strides=2)(inputs)
x = layers.concatenate([x, x], axis=axis)
model = keras.Model(inputs, x)  #! 1×16×16×24

#%% depthwise and separable convolutions
import keras
from keras import layers

inputs = keras.Input((32, 32, 8))
x = layers.DepthwiseConv2D(3, depth_multiplier=2, padding='same')(inputs)
x = layers.SeparableConv2D(24, 5, strides=2, padding='same', activation='relu')(x)
model = keras.Model(inputs, x)  #! 1×16×16×24

#%% padding by hand before a strided convolution
import keras
from keras import layers

inputs = keras.Input((224, 224, 3))
x = layers.ZeroPadding2D(((3, 3), (3, 3)))(inputs)
x = layers.Conv2D(64, 7, strides=2)(x)
x = layers.ZeroPadding2D(1)(x)
model = keras.Model(inputs, layers.MaxPooling2D(3, strides=2)(x))  #! 1×56×56×64

#%% patches for a transformer
import keras
from keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.Conv2D(64, 4, strides=4)(inputs)
x = layers.Reshape((-1, 64))(x)
for _ in range(2):
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y = layers.MultiHeadAttention(num_heads=4, key_dim=16)(y, y)
    x = layers.Add()([x, y])
    y = layers.LayerNormalization()(x)
    y = layers.Dense(128, activation=keras.activations.gelu)(y)
    x = layers.Add()([x, layers.Dense(64)(y)])
x = layers.GlobalAveragePooling1D()(x)
model = keras.Model(inputs, layers.Dense(10)(x))  #! 1×10

#%% mixing: tf functions inside a functional model
import tensorflow as tf
from tensorflow.keras import Input, Model, layers

inputs = Input(shape=(32, 32, 4))
x = tf.nn.relu(layers.Conv2D(8, 3)(inputs))
x = tf.concat([x, x], axis=-1)
x = tf.reduce_mean(x, axis=[1, 2])
model = Model(inputs, layers.Dense(2)(x))  #! 1×2

#%% a factory that passes on what it gets
import keras
from keras import layers


def make(input_shape=(32, 32, 3), classes=10, **kwargs):
    inputs = layers.Input(shape=input_shape)
    x = conv(inputs, 16, strides=2, **kwargs)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(classes)(x))


def conv(x, n, kernel=3, **kwargs):
    x = layers.Conv2D(n, kernel, padding='same', **kwargs)(x)
    return layers.Activation('relu')(x)


model = make((64, 64, 1), classes=2)  #! 1×2

#%% data augmentation and preprocessing in the model
import keras
from keras import layers

augment = keras.Sequential([layers.RandomFlip('horizontal'), layers.RandomRotation(0.1)])
inputs = keras.Input(shape=(180, 180, 3))
x = augment(inputs)
x = layers.Rescaling(1.0 / 255)(x)
x = layers.Conv2D(32, 3, strides=2, padding='same')(x)
model = keras.Model(inputs, x)  #! 1×90×90×32

#%% what only follows from an unknown is no error
import keras
from keras import layers
from mine import backbone

inputs = keras.Input((32, 32, 3))
x = backbone(inputs)
x = layers.Conv2D(8, 3)(x)
x = layers.LSTM(4)(x)
model = keras.Model(inputs, x)  #! silent

#%% training and saving change nothing
import keras
import numpy as np
from keras import layers

x_train, y_train = np.zeros((100, 16)), np.zeros((100, 1))

model = keras.Sequential([layers.Dense(4, activation='relu'), layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss='mse', metrics=['mae'])
model.build((None, 16))
history = model.fit(x_train, y_train, epochs=3, callbacks=[keras.callbacks.EarlyStopping()])
model.save('m.keras')
print(history.history['loss'][-1])  #! silent

#%% a setter of trainable and weights from another model
import keras
from keras import layers

base = keras.Sequential([keras.Input((32, 32, 3)), layers.Conv2D(8, 3), layers.GlobalAveragePooling2D()])
base.trainable = False
for layer in base.layers[:1]:
    layer.trainable = True
inputs = keras.Input((32, 32, 3))
x = base(inputs, training=False)
model = keras.Model(inputs, layers.Dense(3)(x))
model.load_weights('w.h5')  #! 1×3

#%% three dimensions
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((16, 64, 64, 1)),
        layers.Conv3D(8, 3, padding='same'),
        layers.MaxPooling3D((1, 2, 2)),
        layers.GlobalAveragePooling3D(),
        layers.Dense(2),
    ]
)  #! 1×2

#%% data with and without a last axis of 1
import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)])
model.predict(np.random.rand(5, 28, 28))
model.predict(np.zeros((5, 28, 28, 1), np.float32))
model.predict(np.random.rand(5, 28, 28, 1))  #! 1×10

#%% names of Keras 2, with paths
from keras.layers import Conv2D, Input
from keras.models import Model

inputs = Input((8, 8, 3), name='stage/input')
model = Model(inputs, Conv2D(4, 1, name='stage/unit/conv')(inputs))  #! 1×8×8×4

#%% both directions of a cell of the program's own
import keras
from keras import layers

class Cell(keras.layers.LSTM):
    pass

inputs = keras.Input((10, 4))
model = keras.Model(inputs, layers.Bidirectional(Cell(3))(inputs))  #! 1×6

#%% attention of a sequence to itself
import keras
from keras import layers

inputs = keras.Input((10, 64))
model = keras.Model(inputs, layers.MultiHeadAttention(4, 16)(inputs, inputs))  #! 1×10×64

#%% a list of one tensor to join
import keras
from keras import layers

inputs = keras.Input((8, 8, 3))
model = keras.Model(inputs, layers.Concatenate()([inputs]))  #! 1×8×8×3

#%% lists where they are taken, items of what gives several
import keras
from keras import layers, ops

left, right = keras.Input(shape=(4,)), keras.Input(shape=(6,))
both = layers.Dense(3)(layers.concatenate([left, right]))
mean, deviation = layers.Dense(2)(both), layers.Dense(2)(both)
first, second = ops.split(both, [1], axis=-1)
sequence, state = layers.GRU(5, return_sequences=True, return_state=True)(layers.Reshape((3, 1))(both))
inner = keras.Model([left, right], [mean, deviation])
mean, deviation = inner([left, right])
model = keras.Model([left, right], [mean, deviation, first, second, sequence, state])  #! 1×2 1×2 1×1 1×2 1×3×5 1×5

#%% a model for images of any size
import keras
from keras import layers

body = keras.Sequential([keras.Input((None, None, 3)), layers.Conv2D(4, 3, strides=2), layers.GlobalMaxPooling2D()])
inputs = keras.Input((64, 48, 3))
model = keras.Model(inputs, body(inputs))  #! 1×4
